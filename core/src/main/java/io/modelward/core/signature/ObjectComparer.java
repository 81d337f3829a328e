package io.modelward.core.signature;

import static io.modelward.core.signature.SchemaComparer.minus;

import io.modelward.core.json.JsonPath;
import java.util.Map;

/**
 * The comparison of objects, where input and output differ most: who may send something new, and who may miss something
 * gone.
 */
final class ObjectComparer {

    private final SchemaComparer comparer;

    ObjectComparer(SchemaComparer comparer) {
        this.comparer = comparer;
    }

    void objects(Schema.Obj old, Schema.Obj next, String path) {
        if (comparer.role() == SchemaSide.INPUT) {
            inputs(old, next, path);
        } else {
            outputs(old, next, path);
        }
        comparer.compare(old.additional(), next.additional(), JsonPath.member(path, "additionalProperties"));
    }

    private void inputs(Schema.Obj old, Schema.Obj next, String path) {
        for (Map.Entry<String, Schema> property : old.properties().entrySet()) {
            String where = property(path, property.getKey());
            Schema now = next.properties().getOrDefault(property.getKey(), next.additional());
            if (now.equals(Schema.NOTHING)) {
                if (!property.getValue().equals(Schema.NOTHING)) {
                    comparer.breaking(where, "was taken, is refused now");
                }
            } else {
                comparer.compare(property.getValue(), now, where);
            }
        }
        for (String name : minus(next.properties().keySet(), old.properties().keySet())) {
            if (!next.required().contains(name)) {
                comparer.added(property(path, name), "is a new optional input");
                comparer.compare(
                        old.additional(), next.properties().getOrDefault(name, Schema.ANY), property(path, name));
            }
        }
        for (String name : minus(next.required(), old.required())) {
            boolean known = old.properties().containsKey(name);
            comparer.breaking(property(path, name), known ? "was optional, is required" : "is a new required input");
        }
    }

    private void outputs(Schema.Obj old, Schema.Obj next, String path) {
        for (Map.Entry<String, Schema> property : old.properties().entrySet()) {
            String where = property(path, property.getKey());
            if (next.properties().containsKey(property.getKey())) {
                comparer.compare(
                        property.getValue(), next.properties().getOrDefault(property.getKey(), Schema.ANY), where);
            } else {
                comparer.breaking(where, "was declared, is gone");
            }
        }
        for (String name : minus(next.properties().keySet(), old.properties().keySet())) {
            if (old.closed()) {
                comparer.breaking(property(path, name), "is new, but readers were told of no other properties");
            } else {
                comparer.added(property(path, name), "is a new output");
                comparer.compare(
                        old.additional(), next.properties().getOrDefault(name, Schema.ANY), property(path, name));
            }
        }
        for (String name : minus(old.required(), next.required())) {
            if (next.properties().containsKey(name) || !old.properties().containsKey(name)) {
                comparer.breaking(property(path, name), "was always there, is optional now");
            }
        }
    }

    private static String property(String path, String name) {
        return JsonPath.member(JsonPath.member(path, "properties"), name);
    }
}
