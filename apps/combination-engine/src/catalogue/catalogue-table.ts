/**
 * The catalogue, one piece a line:
 * id | name | category | kinds | materials | colour | price in euro | seasons (sp su au wi) | occasions | formality.
 * Kinds and materials are those of `@aura/garment`, several between commas; all that are true of the piece.
 */
export const CATALOGUE_TABLE = `
top-01 | White poplin shirt            | top       | shirt                   | cotton        | #f7f7f5 |  39.90 | sp su au wi | everyday work interview date-night   | business
top-02 | Ivory silk blouse             | top       | blouse                  | silk          | #f3ead9 |  69.00 | sp su au wi | work interview wedding evening date-night | formal
top-03 | Navy Breton tee               | top       | tee                     | cotton        | #23304f |  29.90 | sp su au    | everyday holiday                     | casual
top-04 | Light blue oxford shirt       | top       | shirt                   | cotton        | #b3cde6 |  45.00 | sp su au wi | everyday work interview              | smart-casual
top-05 | Black turtleneck              | top       | turtleneck, sweater     | cotton        | #171718 |  49.90 | au wi       | everyday work date-night             | smart-casual
top-06 | Camel wool jumper             | top       | sweater                 | wool          | #b88a55 |  79.00 | au wi       | everyday work holiday                | smart-casual
top-07 | Rust cable knit               | top       | sweater                 | wool          | #a54a28 |  74.50 | au wi       | everyday holiday                     | casual
top-08 | Sage linen shirt              | top       | shirt                   | linen         | #a5b39b |  54.90 | sp su       | everyday holiday work                | smart-casual
top-09 | Emerald satin top             | top       |                         | satin         | #0c7f5a |  59.00 | sp su au wi | party date-night evening             | formal
top-10 | Blush wrap blouse             | top       | blouse                  | viscose       | #eccac5 |  52.00 | sp su au    | work date-night wedding              | business
top-11 | Mustard ribbed top            | top       |                         | cotton        | #c9981f |  24.90 | sp au       | everyday                             | casual
top-12 | Burgundy merino jumper        | top       | sweater                 | wool          | #6b1c2e |  69.90 | au wi       | everyday work date-night             | smart-casual
top-13 | Grey marl sweatshirt          | top       | sweatshirt, sweater     | cotton        | #9a9c9f |  35.00 | sp au wi    | everyday sport holiday               | casual
top-14 | Coral running tee             | top       | tee                     | polyester     | #f2775f |  27.50 | sp su au    | sport                                | casual
top-15 | Teal crepe shell              | top       | blouse                  | viscose       | #17747a |  44.00 | sp su au wi | work evening interview               | business
top-16 | Lavender cotton tee           | top       | tee                     | cotton        | #bcaee0 |  19.90 | sp su       | everyday holiday                     | casual
bot-01 | Dark blue straight jeans      | bottom    | jeans, trousers         | denim, cotton | #2b3d5e |  59.90 | sp su au wi | everyday date-night holiday          | casual
bot-02 | Light wash jeans              | bottom    | jeans, trousers         | denim, cotton | #8fa9c4 |  55.00 | sp su       | everyday holiday                     | casual
bot-03 | Black tailored trousers       | bottom    | trousers                | wool          | #18181a |  69.00 | sp su au wi | work interview evening date-night    | business
bot-04 | Navy suit trousers            | bottom    | suit trousers, trousers | wool          | #1f2b49 |  89.00 | sp su au wi | work interview wedding               | formal
bot-05 | Beige chinos                  | bottom    | chinos, trousers        | cotton        | #d3c0a0 |  49.90 | sp su au    | everyday work holiday                | smart-casual
bot-06 | Grey flannel trousers         | bottom    | trousers                | wool          | #6f7276 |  79.00 | au wi       | work interview                       | business
bot-07 | Olive utility trousers        | bottom    | trousers                | cotton        | #66683a |  52.90 | sp au       | everyday                             | casual
bot-08 | White linen trousers          | bottom    | trousers                | linen         | #f5f3ec |  59.00 | sp su       | holiday everyday party               | smart-casual
bot-09 | Camel midi skirt              | bottom    | skirt                   | wool          | #b58956 |  64.00 | au wi       | work everyday date-night             | smart-casual
bot-10 | Burgundy pleated skirt        | bottom    | skirt                   | polyester     | #701e31 |  62.00 | au wi       | work party date-night                | business
bot-11 | Emerald satin skirt           | bottom    | skirt                   | satin         | #0c825b |  66.50 | sp su au wi | party evening date-night wedding     | formal
bot-12 | Terracotta linen shorts       | bottom    | shorts                  | linen         | #c2633f |  34.90 | su          | holiday everyday                     | casual
bot-13 | Black running tights          | bottom    | leggings                | polyester     | #1b1b1d |  39.90 | sp su au wi | sport                                | casual
bot-14 | Blush pleated skirt           | bottom    | skirt                   | polyester     | #e8c3bf |  58.00 | sp su       | wedding party date-night             | business
dre-01 | Green wrap summer dress       | dress     | summer dress, wrap dress| cotton        | #3a8f4c |  79.90 | sp su       | everyday holiday party wedding       | smart-casual
dre-02 | Little black dress            | dress     |                         | viscose       | #141416 |  89.00 | sp su au wi | party evening date-night             | formal
dre-03 | Navy sheath dress             | dress     | sheath dress            | wool          | #202c4b |  95.00 | sp su au wi | work interview wedding               | business
dre-04 | Coral midi dress              | dress     | midi dress              | viscose       | #f07c62 |  72.00 | sp su       | wedding party holiday                | smart-casual
dre-05 | Burgundy velvet dress         | dress     | gown                    | velvet        | #641a2c | 119.00 | au wi       | evening party date-night             | formal
dre-06 | Light blue shirt dress        | dress     | shirt dress             | cotton        | #afcbe6 |  65.00 | sp su       | everyday work holiday                | smart-casual
dre-07 | Emerald slip dress            | dress     | slip dress              | satin         | #0b8560 | 109.00 | sp su au    | wedding evening party                | formal
dre-08 | Mustard knit dress            | dress     |                         | wool          | #c4941f |  69.90 | au wi       | everyday work                        | casual
dre-09 | Lavender tulle dress          | dress     | gown                    | tulle         | #c3b5e4 | 129.00 | sp su       | wedding party evening                | formal
out-01 | Camel wool coat               | outerwear | coat                    | wool          | #b98d59 | 189.00 | au wi       | everyday work interview evening date-night | business
out-02 | Navy blazer                   | outerwear | blazer, jacket          | wool          | #212d4c | 129.00 | sp su au wi | work interview wedding date-night    | business
out-03 | Beige trench coat             | outerwear | trench coat, coat       | cotton        | #cdb893 | 149.00 | sp au       | everyday work date-night             | smart-casual
out-04 | Black leather jacket          | outerwear | jacket                  | leather       | #1a1a1b | 179.00 | sp au       | everyday party date-night            | casual
out-05 | Denim jacket                  | outerwear | jacket                  | denim, cotton | #54749b |  69.90 | sp su       | everyday holiday                     | casual
out-06 | Olive parka                   | outerwear | parka, jacket           | cotton        | #5f6238 | 119.00 | au wi       | everyday holiday                     | casual
out-07 | Grey wool coat                | outerwear | coat                    | wool          | #85878b | 169.00 | au wi       | work evening wedding interview       | formal
out-08 | Ivory cardigan                | outerwear | cardigan                | cotton        | #f1e8d6 |  54.90 | sp su au    | everyday work wedding                | smart-casual
sho-01 | White leather sneakers        | shoes     | sneakers                | leather       | #f4f4f2 |  79.00 | sp su au    | everyday holiday                     | casual
sho-02 | Black leather pumps           | shoes     | pumps, heels            | leather       | #161617 |  89.00 | sp su au wi | work interview evening party date-night | formal
sho-03 | Brown Chelsea boots           | shoes     | ankle boots, boots      | leather       | #5d3a22 | 119.00 | au wi       | everyday work date-night holiday     | smart-casual
sho-04 | Cognac loafers                | shoes     | loafers                 | leather       | #94532b |  95.00 | sp au       | work everyday interview              | business
sho-05 | Nude block heels              | shoes     | heels                   | polyester     | #d9bfa6 |  75.00 | sp su au    | wedding party work date-night evening | formal
sho-06 | Tan leather sandals           | shoes     | sandals                 | leather       | #bf966a |  49.90 | su          | holiday everyday party               | casual
sho-07 | Black ankle boots             | shoes     | ankle boots, boots      | leather       | #19191a | 109.00 | au wi       | everyday work party date-night       | smart-casual
sho-08 | Navy ballet flats             | shoes     | flats                   | cotton        | #222d49 |  59.00 | sp su au    | everyday work wedding interview      | business
sho-09 | Grey running shoes            | shoes     | running shoes, sneakers | polyester     | #a7a9ad |  99.00 | sp su au wi | sport                                | casual
sho-10 | Silver sandals                | shoes     | sandals                 | polyester     | #bcbfc4 |  69.00 | sp su       | wedding party evening                | formal
sho-11 | Black derby shoes             | shoes     | derbies                 | leather       | #1a1a1c | 115.00 | sp su au wi | work interview everyday              | business
sho-12 | Burgundy leather loafers      | shoes     | loafers                 | leather       | #5f1b2a |  99.00 | sp au wi    | work interview date-night everyday   | smart-casual
sho-13 | Ivory satin pumps             | shoes     | pumps, heels            | satin         | #efe6d6 |  92.00 | sp su au wi | wedding evening party                | formal
bag-01 | Cognac leather tote           | bag       | tote                    | leather       | #93522c |  99.00 | sp su au wi | everyday work interview              | smart-casual
bag-02 | Black structured handbag      | bag       | handbag                 | leather       | #18181a | 109.00 | sp su au wi | work interview evening date-night    | business
bag-03 | Natural straw bag             | bag       |                         | straw         | #cdb388 |  39.90 | su          | holiday everyday party               | casual
bag-04 | Champagne clutch              | bag       | clutch                  | satin         | #dccdb2 |  45.00 | sp su au wi | wedding evening party date-night     | formal
bag-05 | Emerald mini bag              | bag       | handbag                 | polyester     | #0d845c |  55.00 | sp su au wi | party date-night evening             | smart-casual
acc-01 | Burgundy wool scarf           | accessory | scarf                   | wool          | #6f1d30 |  29.90 | au wi       | everyday work                        | smart-casual
acc-02 | Pearl earrings                | accessory | earrings, jewellery     | pearl         | #f0ece2 |  35.00 | sp su au wi | wedding evening work interview       | formal
acc-03 | Brown leather belt            | accessory | belt                    | leather       | #6a4327 |  29.00 | sp su au wi | everyday work                        | casual
acc-04 | Royal blue silk scarf         | accessory | scarf                   | silk          | #2a4bcf |  39.00 | sp su au    | work everyday date-night             | business
acc-05 | Straw sun hat                 | accessory | hat                     | straw         | #d6bf94 |  25.00 | su          | holiday everyday                     | casual
acc-06 | Charcoal beanie               | accessory | hat                     | wool          | #3c3e43 |  19.90 | au wi       | everyday sport holiday               | casual
`;
