package io.modelward.cli;

import io.modelward.core.version.SemVer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which version the name of a directory means. */
final class FolderNames {

    /** One to three numbers with points or hyphens between them, such as a date, and perhaps a v before them. */
    private static final Pattern LENIENT =
            Pattern.compile("[vV]?([0-9]{1,9})(?:[.\\-_]([0-9]{1,9}))?(?:[.\\-_]([0-9]{1,9}))?");

    private final Map<String, SemVer> named = new HashMap<>();
    private final Set<String> unused = new HashSet<>();
    private final boolean lenient;

    /**
     * @param map as {@code v1=1.0.0}, or {@code iris/v1=1.0.0} for one model
     * @param lenient whether names that are nearly versions are taken too
     * @throws Usage when one of them says no version
     */
    FolderNames(List<String> map, boolean lenient) {
        this.lenient = lenient;
        for (String one : map) {
            int equals = one.lastIndexOf('=');
            Optional<SemVer> version = equals < 1 ? Optional.empty() : SemVer.tryParse(one.substring(equals + 1));
            if (version.isEmpty()) {
                throw new Usage("--map is FOLDER=VERSION, such as v1=1.0.0 or iris/v1=1.0.0; \"" + one + "\" is not.");
            }
            String folder = one.substring(0, equals);
            if (named.put(folder, version.get()) != null) {
                throw new Usage("--map names the folder \"" + folder + "\" twice.");
            }
            unused.add(folder);
        }
    }

    Optional<SemVer> version(String model, String folder) {
        for (String key : List.of(model + "/" + folder, folder)) {
            if (named.containsKey(key)) {
                unused.remove(key);
                return Optional.of(named.get(key));
            }
        }
        Optional<SemVer> exact = SemVer.tryParse(folder);
        return exact.isPresent() || !lenient ? exact : nearly(folder);
    }

    /** {@code v1.2.0} is 1.2.0, {@code 2} is 2.0.0, {@code 2023-05-01} is 2023.5.1. */
    private static Optional<SemVer> nearly(String folder) {
        Matcher matcher = LENIENT.matcher(folder);
        if (!matcher.matches()) {
            return folder.matches("[vV].+") ? SemVer.tryParse(folder.substring(1)) : Optional.empty();
        }
        return SemVer.tryParse(
                number(matcher.group(1)) + "." + number(matcher.group(2)) + "." + number(matcher.group(3)));
    }

    /** How a folder can be taken that no version names. */
    static String hint(String folder) {
        return "; "
                + nearly(folder)
                        .map(version -> "--lenient takes it as " + version)
                        .orElse("--map " + folder + "=VERSION says which one it is");
    }

    private static String number(@Nullable String digits) {
        return digits == null ? "0" : Long.toString(Long.parseLong(digits));
    }

    /** Folders that were named and are not there. */
    Set<String> unused() {
        return unused;
    }
}
