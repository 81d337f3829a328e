package io.modelward.core.version;

import java.util.List;

/** The precedence of Semantic Versioning 2.0.0, section 11, as a comparison and as a key. */
final class SemVerOrder {

    private SemVerOrder() {}

    static int compare(SemVer a, SemVer b) {
        int order = Long.compare(a.major(), b.major());
        order = order != 0 ? order : Long.compare(a.minor(), b.minor());
        order = order != 0 ? order : Long.compare(a.patch(), b.patch());
        return order != 0 ? order : comparePreRelease(a.preRelease(), b.preRelease());
    }

    private static int comparePreRelease(List<String> a, List<String> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return Boolean.compare(a.isEmpty(), b.isEmpty());
        }
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = compareIdentifiers(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    private static int compareIdentifiers(String a, String b) {
        boolean numeric = isNumeric(a);
        if (numeric != isNumeric(b)) {
            return numeric ? -1 : 1;
        }
        if (numeric && a.length() != b.length()) {
            return Integer.compare(a.length(), b.length());
        }
        return a.compareTo(b);
    }

    /**
     * Numbers carry their length in front, so that 9 comes before 10. A release ends in {@code ~}, which is above the
     * {@code -} of a pre-release; an alphanumeric identifier ends in {@code !}, which is below every character that an
     * identifier may have.
     */
    static String sortKey(SemVer version) {
        StringBuilder key = new StringBuilder();
        number(key, Long.toString(version.major()));
        number(key, Long.toString(version.minor()));
        number(key, Long.toString(version.patch()));
        key.append(version.isPreRelease() ? '-' : '~');
        for (String identifier : version.preRelease()) {
            if (isNumeric(identifier)) {
                number(key.append('0'), identifier);
            } else {
                key.append('1').append(identifier).append('!');
            }
        }
        return key.toString();
    }

    static String majorKey(SemVer version) {
        StringBuilder key = new StringBuilder();
        number(key, Long.toString(version.major()));
        return key.toString();
    }

    private static void number(StringBuilder key, String digits) {
        key.append((char) ('0' + digits.length() / 100))
                .append((char) ('0' + digits.length() / 10 % 10))
                .append((char) ('0' + digits.length() % 10))
                .append(digits);
    }

    static boolean isNumeric(String identifier) {
        return identifier.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
