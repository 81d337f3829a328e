package io.modelward.core.search;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * The name that somebody meant who wrote another one. Names are near when few letters are missing, added, changed or
 * swapped with their neighbour (optimal string alignment distance): one in a short name, a third of the letters of a
 * long one at most, and never more than three.
 */
public final class Nearest {

    private static final int MOST = 3;
    private static final int LONGEST = 64;

    private Nearest() {}

    /** The nearest of the known names, if any is near; of several, the first in their order. */
    public static Optional<String> of(String asked, Collection<String> known) {
        if (asked.length() > LONGEST) {
            return Optional.empty();
        }
        int limit = Math.min(MOST, Math.max(1, asked.length() / 3));
        return known.stream()
                .filter(name -> Math.abs(name.length() - asked.length()) <= limit)
                .filter(name -> distance(asked, name) <= limit)
                .min(Comparator.comparingInt(name -> distance(asked, name)));
    }

    /** The sentence to add to a message: {@code Did you mean iris?} with a space before, or nothing. */
    public static String words(String asked, Collection<String> known) {
        return of(asked, known).map(name -> " Did you mean " + name + "?").orElse("");
    }

    static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int changed = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                int least = Math.min(changed, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
            }
        }
        return cost[a.length()][b.length()];
    }
}
