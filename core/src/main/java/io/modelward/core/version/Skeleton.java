package io.modelward.core.version;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.regex.Pattern;

/**
 * What people see of a name: two names with one skeleton would be taken for each other. Case, Unicode forms
 * (full-width, mathematical, superscript), letters of other scripts that look like Latin ones, decimal digits of other
 * scripts, characters that nobody sees, spaces in a row, and dots and spaces at the end make no difference. ASCII
 * letters and digits stay different from each other: {@code l1} is not {@code ll}.
 *
 * <p>Skeletons are kept: a change here needs a migration that computes them anew.
 */
public final class Skeleton {

    /**
     * Each begins with the character that stands for all of them. Where the other case of a letter is not listed, it
     * goes with the letter.
     */
    private static final List<String> ALIKE = List.of(
            "aаАɑαΑᴀᎪꓮⲁ𐊠𐌀",
            "bвВьЬƅβΒʙᏴᏏꓐⲃ𐌁",
            "cсСϲϹᴄᏟꓚⲥ𐌂𐐽𐐕",
            "dԁᴅᎠᏧꓓꓒ",
            "eеЕҽᴇΕᎬꓰ",
            "fꜰϝքꓝ",
            "gɡցɢԌᏀᏳꓖ",
            "hһнНհʜΗᏂᎻꓧⲏ",
            "iіІıɩɪιΙᎥꓲⲓ",
            "jјЈϳյᴊͿᎫꓙ",
            "kкКκΚᴋᏦꓗⲕ",
            "lӏӀǀʟլԼᏞꓡ\u05d5\u05df\u0627\u07caⵏ",
            "mмМΜᴍᎷꓟⲙ",
            "nпոηɴΝꓠⲛ",
            "oоОοΟσօՕᴏꓳⲟഠဝ\u05e1\u0647\u06be\u06c1\u06d5ଠჿⵔ〇𐐄𐐬𐊒𐓂𐓪",
            "pрРρΡᴘᏢꓑⲣ𐊕",
            "qԛգզ",
            "rгʀᎡᏒꓣⲅᴦ",
            "sѕЅꜱՏᏚꓢ𐐠𐑈",
            "tтТτΤᴛᎢꓔⲧ𐊗𐌕",
            "uυսՍᴜʋꓴ𐓎𐓶",
            "vνѵѴᴠᏙꓦ",
            "wѡԝաωᴡɯᎳᏔꓪ",
            "xхХχΧꓫⲭ𐊐𐌗𐌢",
            "yуУүҮγΥɣʏყᎽꓬⲩ",
            "zΖᴢᏃꓜⲍ",
            "2ƨ",
            "3зӡȝʒ",
            "4Ꮞ",
            "5ƽ",
            "6б",
            "8ȣ",
            "'ʼʻʽʹˈʾʿꞌ",
            "!ǃ",
            "-ーᅳ一",
            "口ロ囗",
            "力カ",
            "二ニ",
            "八ハ",
            "工エ",
            "夕タ",
            "卜ト",
            "へヘ",
            "りリ");

    private static final Map<Integer, Integer> STANDS_FOR = new HashMap<>();

    static {
        for (String group : ALIKE) {
            int first = group.codePointAt(0);
            group.codePoints().skip(1).forEach(letter -> STANDS_FOR.put(letter, first));
        }
    }

    /** Letters and marks that have no shape. */
    private static final Pattern UNSEEN = Pattern.compile("[\\x{AD}\\x{34F}\\x{61C}\\x{115F}\\x{1160}\\x{17B4}\\x{17B5}"
            + "\\x{180B}-\\x{180F}\\x{200B}-\\x{200F}\\x{2060}-\\x{206F}\\x{3164}\\x{FE00}-\\x{FE0F}\\x{FEFF}\\x{FFA0}"
            + "\\x{E0000}-\\x{E0FFF}]");

    private static final Pattern SPACES = Pattern.compile(" +");
    private static final Pattern END = Pattern.compile("[. ]+$");

    private static final Set<String> DEVICES = Set.of("con", "prn", "aux", "nul", "conin$", "conout$");
    private static final Pattern NUMBERED_DEVICE = Pattern.compile("(?:com|lpt)[0-9]");

    private Skeleton() {}

    public static String of(String name) {
        String shown = UNSEEN.matcher(name).replaceAll("");
        // Twice: some letters change their shape in the other form, and some show theirs only there.
        String alike = each(Normalizer.normalize(each(shown, Skeleton::alike), Normalizer.Form.NFKD), Skeleton::alike);
        String folded = UNSEEN.matcher(Normalizer.normalize(alike, Normalizer.Form.NFKD))
                .replaceAll("");
        return END.matcher(SPACES.matcher(folded).replaceAll(" ")).replaceAll("");
    }

    /** Whether Windows takes the name for a device's, so that nobody could keep a file or folder of that name there. */
    public static boolean isDevice(String name) {
        String plain = Normalizer.normalize(name, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        String stem = END.matcher(plain.split("\\.", 2)[0]).replaceAll("");
        return DEVICES.contains(stem) || NUMBERED_DEVICE.matcher(stem).matches();
    }

    private static String each(String text, IntUnaryOperator change) {
        return text.codePoints()
                .map(change)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static int alike(int letter) {
        int upper = Character.toUpperCase(letter);
        int lower = Character.toLowerCase(upper);
        Integer found = STANDS_FOR.get(letter);
        if (found == null) {
            found = STANDS_FOR.getOrDefault(upper, STANDS_FOR.get(lower));
        }
        if (found != null) {
            return found;
        }
        return Character.isDigit(letter) ? '0' + Character.digit(letter, 10) : lower;
    }
}
