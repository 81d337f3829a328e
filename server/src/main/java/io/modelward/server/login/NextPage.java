package io.modelward.server.login;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The page that a browser goes to after a log-in: a path of this server. Whatever could lead elsewhere becomes {@code
 * /}: a scheme, two slashes, a backslash, a control character, also when they are encoded.
 */
final class NextPage {

    static final String HOME = "/";

    private static final int LONGEST = 1000;
    /** A path with query and fragment as RFC 3986 has them. */
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*");
    /** Slashes, backslashes and percent signs in the path that something on the way may decode. */
    private static final Pattern DISGUISED = Pattern.compile("//|%2f|%5c|%25");

    private static final Pattern CONTROL = Pattern.compile("%[01]|%7f");

    private NextPage() {}

    static String of(Optional<String> wanted) {
        return wanted.filter(NextPage::isOwn).orElse(HOME);
    }

    private static boolean isOwn(String text) {
        String small = text.toLowerCase(Locale.ROOT);
        String path = small.split("[?#]", 2)[0];
        return text.length() <= LONGEST
                && PATH.matcher(text).matches()
                && !DISGUISED.matcher(path).find()
                && !CONTROL.matcher(small).find();
    }
}
