package io.modelward.browser;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What stands in the texts and names of an exhibit. */
class ExhibitWords {

    /** A text of people, of at most some hundred characters. */
    String text(String plain) {
        return plain;
    }

    /** A text of people that may be long. */
    String longText(String plain) {
        return plain;
    }

    /** The value of a tag, which may have some thousand characters. */
    String longTag(String plain) {
        return plain;
    }

    /** The value of a parameter, which may have some thousand characters. */
    String longParameter(String plain) {
        return plain;
    }

    /** The name of a model: letters of all languages, digits, spaces and a few signs. */
    String model(String plain) {
        return plain;
    }

    /** The name of a file. */
    String file(String plain) {
        return plain;
    }

    /** The key of a parameter, a metric or a run's tag: letters, digits, spaces and a few signs. */
    String key(String plain) {
        return plain;
    }

    /** The key of a model's or a version's tag. */
    String tag(String plain) {
        return plain;
    }

    /** The name that a caller claims, which goes into a header. */
    String actor(String plain) {
        return plain;
    }

    /** Somebody who means harm wrote all texts and names: what they hold runs, or breaks the page, if it is not escaped. */
    static final class Hostile extends ExhibitWords {

        private static final String RUN = "window." + Visit.RAN + "=";
        private static final List<String> TEXTS = List.of(
                "<script>" + RUN + "1</script>",
                "\"><img src=x onerror=\"" + RUN + "2\">",
                "' autofocus onfocus='" + RUN + "3' x='",
                "<svg onload=" + RUN + "4><animate onbegin=" + RUN + "5 attributeName=x></svg>",
                "[look](javascript:" + RUN + "6) <a href=\"javascript:" + RUN + "7\">look</a>",
                "${" + RUN + "8} #{7*7} {{7*7}} @{x} <%= 7*7 %> $unsafe{x}",
                "&lt;script&gt; &amp;lt; &#60;script&#62;" + RUN + "9&#60;/script&#62;",
                "\u202egnp.exe\u2066 \u05d0\u05d1\u05d2 \u200f\u2069\u202c \u061c",
                "</textarea></title></style></script></template><script>" + RUN + "10</script>",
                "![x](https://evil.example/x.png) <img src=\"https://evil.example/y.png\">",
                "<style>*{display:none!important}</style><base href=\"https://evil.example/\">",
                "<iframe srcdoc=\"<script>parent." + Visit.RAN + "=11</script>\"></iframe>",
                "<form action=\"https://evil.example/\"><button>Log in</button></form>",
                "<meta http-equiv=refresh content=\"0;url=https://evil.example/\">",
                "'\"`\\\\ --> ]]> */ <!-- {% raw %}",
                "z\u0310\u0311\u0312\u0313\u0314\u0315\u0316\u0317\u0318\u0319\u031a\u0300\u0301\u0302\u0303\u0304 \ud83e\uddea\u200d\ud83d\udd2c");
        private static final String WORD = "W".repeat(10_000);

        private final AtomicInteger turn = new AtomicInteger();

        private String next() {
            return TEXTS.get(Math.floorMod(turn.getAndIncrement(), TEXTS.size()));
        }

        @Override
        String text(String plain) {
            return plain + " " + next();
        }

        @Override
        String longText(String plain) {
            return plain + "\n\n" + String.join("\n\n", TEXTS) + "\n\n" + WORD;
        }

        @Override
        String longTag(String plain) {
            return (plain + " " + String.join(" ", TEXTS) + WORD).substring(0, 5_000);
        }

        @Override
        String longParameter(String plain) {
            return (plain + " " + String.join(" ", TEXTS) + WORD).substring(0, 6_000);
        }

        @Override
        String model(String plain) {
            return plain + " (it's 'a' & b, +c!) =\u05d0\u05d1\u05d2~d";
        }

        @Override
        String file(String plain) {
            int dot = plain.lastIndexOf('.');
            return plain.substring(0, dot) + " '\"><img src=x onerror=" + RUN + "12> &lt;\u202e" + plain.substring(dot);
        }

        @Override
        String key(String plain) {
            return plain + " .-:_ b/i";
        }

        @Override
        String tag(String plain) {
            return plain + "'\"><img src=x onerror=" + RUN + "13> &lt;";
        }

        @Override
        String actor(String plain) {
            return plain + "'\"><img src=x onerror=" + RUN + "14> &lt;";
        }
    }
}
