/** An amount of money for people: `129.00 EUR`, `1300 JPY`. Amounts are in the smallest unit of their currency, an ISO 4217 code. */
export function moneyText(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return `${(amount / 10 ** digits).toFixed(digits)} ${currency}`;
}
