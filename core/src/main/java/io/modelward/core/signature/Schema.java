package io.modelward.core.signature;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A JSON Schema reduced to what decides which values it accepts; titles, descriptions and defaults are gone. */
public sealed interface Schema {

    Schema ANY = new Any();
    Schema NOTHING = new Union(List.of());

    /** Every value. */
    record Any() implements Schema {}

    /**
     * A number.
     *
     * @param integer whether it has no fraction; {@code 1.0} is an integer
     */
    record Numeric(boolean integer, Optional<Bound> minimum, Optional<Bound> maximum, Optional<BigDecimal> multipleOf)
            implements Schema {}

    /** The least or the largest number allowed, or the number just beyond. */
    record Bound(BigDecimal value, boolean exclusive) {}

    /**
     * A string; lengths are in code points.
     *
     * @param format told, not checked
     */
    record Text(int minLength, OptionalInt maxLength, Optional<Regex> pattern, Optional<String> format)
            implements Schema {}

    record Bool() implements Schema {}

    record Null() implements Schema {}

    /** One of these values, by {@code enum} or {@code const}. */
    record Choice(Set<Member> members) implements Schema {
        public Choice {
            members = Collections.unmodifiableSet(new LinkedHashSet<>(members));
        }

        static Choice of(List<JsonNode> values) {
            return new Choice(values.stream().map(Member::new).collect(Collectors.toCollection(LinkedHashSet::new)));
        }

        public List<JsonNode> values() {
            return members.stream().map(Member::value).toList();
        }

        boolean has(JsonNode value) {
            return members.contains(new Member(value));
        }
    }

    /**
     * An array.
     *
     * @param prefix the schemas of the first items
     * @param items the schema of each item after those
     */
    record Arr(List<Schema> prefix, Schema items, int minItems, OptionalInt maxItems) implements Schema {
        public Arr {
            prefix = List.copyOf(prefix);
        }

        /** The schema of the item at this index. */
        public Schema item(int index) {
            return index < prefix.size() ? prefix.get(index) : items;
        }

        /** The one length allowed, if there is one only. */
        public OptionalInt length() {
            return maxItems.isPresent() && maxItems.getAsInt() == minItems ? maxItems : OptionalInt.empty();
        }
    }

    /**
     * An object.
     *
     * @param additional the schema of every property not named; {@link #NOTHING} when there may be none
     */
    record Obj(Map<String, Schema> properties, Set<String> required, Schema additional) implements Schema {
        public Obj {
            properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
            required = Collections.unmodifiableSet(new LinkedHashSet<>(required));
        }

        /** Whether properties that are not named are refused. */
        public boolean closed() {
            return additional.equals(NOTHING);
        }
    }

    /** A value that one of these accepts; of none, nothing. */
    record Union(List<Schema> of) implements Schema {
        public Union {
            of = List.copyOf(of);
        }
    }

    /**
     * A schema that this program does not understand whole. It accepts what {@code known} accepts, or less.
     *
     * @param keyword the first that is not understood
     * @param known the part that is
     * @param source the schema as written; two of equal source are equal
     */
    record Unknown(String keyword, Schema known, JsonNode source) implements Schema {}
}
