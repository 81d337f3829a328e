package io.modelward.core.version;

import io.modelward.core.digest.Digest;

/** How a caller names a version of a model. {@code toString} gives the text that {@link #parse} reads back. */
public sealed interface Selector {

    /** One version by its number, {@code 1.4.2}. */
    record Exact(SemVer version) implements Selector {
        @Override
        public String toString() {
            return version.toString();
        }
    }

    /** The highest version in a range, {@code ^1.4}. */
    record Range(VersionRange range) implements Selector {
        @Override
        public String toString() {
            return range.toString();
        }
    }

    /** The version that an alias points to, {@code champion}. */
    record Alias(AliasName alias) implements Selector {
        @Override
        public String toString() {
            return alias.toString();
        }
    }

    /** The highest release; never a pre-release. */
    record Latest() implements Selector {
        @Override
        public String toString() {
            return SelectorReader.LATEST;
        }
    }

    /** The version with this identity, {@code sha256:…}. */
    record ByDigest(Digest digest) implements Selector {
        @Override
        public String toString() {
            return digest.toString();
        }
    }

    /** The version at this place of the model's history, {@code ordinal:3}; the first is 1. */
    record ByOrdinal(long ordinal) implements Selector {

        public ByOrdinal {
            SelectorReader.checkOrdinal(ordinal);
        }

        @Override
        public String toString() {
            return SelectorReader.ORDINAL + ordinal;
        }
    }

    /**
     * The version that was published last of those in a stage. No text writes this selector, since only some protocols
     * know stages.
     *
     * @param stage as {@code Production}
     */
    record InStage(String stage) implements Selector {
        @Override
        public String toString() {
            return "the stage " + stage;
        }
    }

    /** The version that was published last, whatever its number. No text writes this selector. */
    record Newest() implements Selector {
        @Override
        public String toString() {
            return "the newest version";
        }
    }

    /** The selector that the whole text writes; whatever is wrong with it is said under the field {@code selector}. */
    static Selector parse(String text) {
        return SelectorReader.read(text);
    }
}
