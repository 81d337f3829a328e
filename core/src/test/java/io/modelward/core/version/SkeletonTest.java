package io.modelward.core.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SkeletonTest {

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_-.+ ";

    /** Other shapes of a letter, each with what makes the shapes of 26 letters in a row. */
    private static final int[] ALPHABETS = {
        0x1D41A, // mathematical bold
        0x1D482, // bold italic
        0x1D5BA, // sans-serif
        0x1D68A, // monospace
        0x1D400, // mathematical bold, capital
        0xFF41, // full-width
        0xFF21, // full-width, capital
        'A',
    };

    private static final String CYRILLIC = "abcdefghijklmnopqrstuvwxyz"
            .replace("a", "а")
            .replace("c", "с")
            .replace("d", "ԁ")
            .replace("e", "е")
            .replace("h", "һ")
            .replace("i", "і")
            .replace("j", "ј")
            .replace("k", "К")
            .replace("m", "М")
            .replace("o", "о")
            .replace("p", "р")
            .replace("q", "ԛ")
            .replace("s", "ѕ")
            .replace("t", "Т")
            .replace("w", "ԝ")
            .replace("x", "х")
            .replace("y", "у")
            .replace("b", "В");
    private static final String GREEK = "abcdefghijklmnopqrstuvwxyz"
            .replace("a", "α")
            .replace("b", "Β")
            .replace("e", "Ε")
            .replace("h", "Η")
            .replace("i", "ι")
            .replace("k", "κ")
            .replace("m", "Μ")
            .replace("n", "η")
            .replace("o", "ο")
            .replace("p", "ρ")
            .replace("t", "τ")
            .replace("v", "ν")
            .replace("x", "χ")
            .replace("y", "Υ")
            .replace("z", "Ζ");

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        name.append(LETTERS.charAt(random.nextInt(36)));
        for (int i = random.nextInt(12); i > 0; i--) {
            char next = LETTERS.charAt(random.nextInt(LETTERS.length()));
            char last = name.charAt(name.length() - 1);
            name.append((next == '.' || next == ' ') && next == last ? '_' : next);
        }
        return name.append(LETTERS.charAt(random.nextInt(36))).toString();
    }

    /**
     * The same name to the eye: each character in one of its shapes, some that nobody sees, and an end that Windows
     * drops.
     */
    private static String disguised(String name, Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char letter = name.charAt(i);
            int place = letter - 'a';
            if (place >= 0 && place < 26) {
                int shape = random.nextInt(ALPHABETS.length + 3);
                text.appendCodePoint(
                        shape == 0
                                ? letter
                                : shape == 1
                                        ? CYRILLIC.charAt(place)
                                        : shape == 2 ? GREEK.charAt(place) : ALPHABETS[shape - 3] + place);
            } else if (letter >= '0' && letter <= '9') {
                int[] zeros = {'0', 0xFF10, 0x1D7CE, 0x1D7F6, 0x0660, 0x0966};
                text.appendCodePoint(zeros[random.nextInt(zeros.length)] + letter - '0');
            } else {
                text.append(letter);
            }
            if (random.nextInt(12) == 0) {
                text.append(random.nextBoolean() ? '\uFE0F' : '\u034F');
            }
        }
        return text.append(random.nextInt(4) == 0 ? "." : "").toString();
    }

    @Test
    void a_disguised_name_has_the_skeleton_of_the_name() {
        int different = 0;
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            String name = name(random);
            String disguise = Normalizer.normalize(disguised(name, random), Normalizer.Form.NFC);
            assertThat(Skeleton.of(disguise))
                    .as("seed %d: %s as %s", seed, name, disguise)
                    .isEqualTo(Skeleton.of(name));
            different += disguise.equals(name) ? 0 : 1;
        }
        assertThat(different).isGreaterThan(15_000);
    }

    @Test
    void names_of_lower_case_ascii_that_differ_have_skeletons_that_differ() {
        Set<String> names = new HashSet<>();
        Set<String> skeletons = new HashSet<>();
        for (int seed = 0; seed < 20_000; seed++) {
            String name = name(new Random(seed));
            names.add(name);
            skeletons.add(Skeleton.of(name));
        }
        assertThat(skeletons).hasSameSizeAs(names);
    }

    @Test
    void a_skeleton_is_its_own_skeleton_whatever_letters_a_name_has() {
        List<Integer> letters = new ArrayList<>();
        for (int letter = 0; letter < 0x20000; letter++) {
            if (Character.isLetter(letter) || Character.getType(letter) == Character.NON_SPACING_MARK) {
                letters.add(letter);
            }
        }
        for (int seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            StringBuilder name = new StringBuilder("x");
            for (int i = 0; i < 5; i++) {
                name.appendCodePoint(letters.get(random.nextInt(letters.size())));
            }
            String skeleton = Skeleton.of(name.toString());
            assertThat(Skeleton.of(skeleton)).as("seed %d: %s", seed, name).isEqualTo(skeleton);
        }
    }

    @ParameterizedTest
    @CsvSource({"а", "ａ", "𝐚", "a.", "A", "Α", "ᴀ", "ª", "Ꭺ", "'a .'", "a\uFE0F"})
    void what_looks_like_a_has_its_skeleton(String name) {
        assertThat(Skeleton.of(name)).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource({"l1,ll", "o0,oo", "é,e", "модель,model", "日本,日木", "a-b,a_b", "ab,a b", "m,rn", "ü,u"})
    void names_that_can_be_told_apart_stay_two(String one, String other) {
        assertThat(Skeleton.of(one)).isNotEqualTo(Skeleton.of(other));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CON", "con", "Nul", "aux.txt", "COM1", "lpt9.model", "com²", "ｃｏｎ", "PRN."})
    void devices_of_windows_are_known(String name) {
        assertThat(Skeleton.isDevice(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"console", "com", "com10", "icon", "a.con", "aux-model", "null"})
    void names_that_only_begin_like_a_device_are_free(String name) {
        assertThat(Skeleton.isDevice(name)).isFalse();
    }
}
