package io.modelward.registry.tracking;

import java.util.List;
import java.util.random.RandomGenerator;

/** Names for runs that were given none: an adjective, an animal and a number. */
final class RunNames {

    private static final List<String> ADJECTIVES = List.of(
            "able",
            "amused",
            "bold",
            "brave",
            "bright",
            "calm",
            "capable",
            "caring",
            "charming",
            "clean",
            "clever",
            "curious",
            "dashing",
            "delightful",
            "eager",
            "fearless",
            "funny",
            "gentle",
            "glad",
            "grand",
            "handsome",
            "honest",
            "intelligent",
            "kind",
            "lively",
            "loud",
            "luminous",
            "merry",
            "mild",
            "nimble",
            "orderly",
            "polite",
            "powerful",
            "proud",
            "quick",
            "quiet",
            "rare",
            "resilient",
            "selective",
            "serious",
            "shy",
            "skillful",
            "smooth",
            "spiffy",
            "stately",
            "sunny",
            "tasteful",
            "thoughtful",
            "unique",
            "upbeat",
            "vaunted",
            "welcoming",
            "wise",
            "zealous");
    private static final List<String> ANIMALS = List.of(
            "ant", "ape", "auk", "bat", "bear", "bee", "bird", "boar", "bug", "calf", "carp", "cat", "chimp", "cod",
            "colt", "conch", "cow", "crab", "crane", "croc", "crow", "cub", "deer", "doe", "dog", "dolphin", "donkey",
            "dove", "duck", "eel", "elk", "fawn", "finch", "fish", "flea", "fly", "foal", "fowl", "fox", "frog", "goat",
            "goose", "grouse", "gull", "hare", "hawk", "hen", "hog", "horse", "jay", "kit", "kite", "koi", "lamb",
            "lark", "loon", "lynx", "mare", "mink", "mole", "moose", "mouse", "mule", "newt", "owl", "panda", "perch",
            "pig", "pug", "quail", "ram", "rat", "ray", "robin", "roo", "seal", "shad", "sheep", "shrew", "shrike",
            "skink", "skunk", "sloth", "slug", "snail", "snake", "sow", "sponge", "squid", "stag", "steed", "stoat",
            "stork", "swan", "toad", "trout", "turtle", "vole", "wasp", "whale", "wolf", "worm", "wren", "yak",
            "zebra");
    private static final int NUMBERS = 1000;

    private RunNames() {}

    static String next(RandomGenerator random) {
        return ADJECTIVES.get(random.nextInt(ADJECTIVES.size())) + "-" + ANIMALS.get(random.nextInt(ANIMALS.size()))
                + "-" + random.nextInt(NUMBERS);
    }
}
