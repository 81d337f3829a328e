package io.modelward.evaluator;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a thing with all that it refers to, counted over its objects and arrays: 16 bytes for an object, 8 for
 * each of its fields, and the items of arrays at their size. Classes of the JDK are counted by what they hold.
 */
final class Footprint {

    private static final long OBJECT = 16;
    private static final long FIELD = 8;
    /** Of an entry of a map, beside its key and its value. */
    private static final long ENTRY = 48;

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Object> waiting = new ArrayDeque<>();
    private long bytes;

    private Footprint() {}

    /** In bytes. */
    static long of(Object root) {
        Footprint footprint = new Footprint();
        footprint.add(root);
        while (!footprint.waiting.isEmpty()) {
            footprint.count(footprint.waiting.pop());
        }
        return footprint.bytes;
    }

    private void add(@Nullable Object thing) {
        if (thing != null && !(thing instanceof Class) && !(thing instanceof Enum) && seen.add(thing)) {
            waiting.push(thing);
        }
    }

    private void count(Object thing) {
        bytes += OBJECT;
        switch (thing) {
            case String text -> bytes += 24 + text.length();
            case Number _ -> bytes += FIELD;
            case Boolean _ -> {}
            case Map<?, ?> map -> {
                bytes += ENTRY * map.size();
                map.forEach((key, value) -> {
                    add(key);
                    add(value);
                });
            }
            case Collection<?> items -> {
                bytes += FIELD * items.size();
                items.forEach(this::add);
            }
            default -> {
                Class<?> type = thing.getClass();
                if (type.isArray()) {
                    countArray(thing, type.getComponentType());
                } else {
                    countFields(thing, type);
                }
            }
        }
    }

    private void countArray(Object array, Class<?> of) {
        int length = Array.getLength(array);
        bytes += length * (of.isPrimitive() ? sizeOf(of) : FIELD);
        if (array instanceof Object[] items) {
            for (Object item : items) {
                add(item);
            }
        }
    }

    private static long sizeOf(Class<?> primitive) {
        return primitive == double.class || primitive == long.class
                ? 8
                : primitive == byte.class || primitive == boolean.class
                        ? 1
                        : primitive == short.class || primitive == char.class ? 2 : 4;
    }

    private void countFields(Object thing, Class<?> type) {
        for (Class<?> part = type; part != null && part != Object.class; part = part.getSuperclass()) {
            for (Field field : part.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    bytes += FIELD;
                    if (!field.getType().isPrimitive() && part.getName().startsWith("io.modelward.")) {
                        add(read(field, thing));
                    }
                }
            }
        }
    }

    private static @Nullable Object read(Field field, Object thing) {
        try {
            field.setAccessible(true);
            return field.get(thing);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
