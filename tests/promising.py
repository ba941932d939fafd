"""Words by which texts promise somebody that they will hear something, beside the English ones.

That an open seat is looked after is no word of these: it stands in the worklist of the office.
"""

import re

PROMISING_IN = {
    "de": re.compile(
        r"\b(erfahren|erfährt|(sie|wir|niemand|wer) hören|hören sie|benachrichtigt|informiert"
        r"|mitgeteilt|(wird|werden|ist|sind) (\S+ ){0,9}(gefragt|gebeten|verständigt)"
        r"|wir (fragen|schreiben|senden|schicken|melden)"
        r"|(fragen|schreiben|senden|schicken|melden) wir|erhalten|erhält|(sie|seiten) bekommen"
        r"|bekommen sie|bekommt|wissen es|weiß es|(einladung|code|link) (\S+ ){0,4}unterwegs)\b",
        re.IGNORECASE,
    ),
    "el": re.compile(
        r"\b(μαθαίν\w+|μάθ(ει|ετε|ουν)|ενημερών\w+|ενημερωθ\w+|ενημέρωση|ειδοποι(ούμε|είται|ούνται)"
        r"|ερωτάται|ερωτώνται|ερωτήθηκαν|ρωτάμε|γράφουμε|γράψουμε|στέλνουμε|λαμβάν\w+"
        r"|θα (το|τα|την|τη) λάβ\w+|καθ' οδόν|το ξέρουν)(?!\w)",
        re.IGNORECASE,
    ),
}
