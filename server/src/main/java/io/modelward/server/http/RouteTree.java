package io.modelward.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The routes by the segments of their templates, as {@code /api/v1/models/{namespace}/{name}}. A segment in braces is a
 * parameter and takes any one segment. A last {@code {path}} takes all segments that are left, at least one.
 *
 * <p>Where several templates fit, a literal wins over a parameter, and a parameter over {@code {path}}, from the left
 * to the right; a template without a route for the method gives way to the next one. A first segment that is a literal
 * of any template is never a parameter: what a door calls its own is not taken for a name, also where that door has
 * nothing. An empty first segment is none either.
 */
final class RouteTree {

    private static final String REST = "path";

    private static final class Node {
        final Map<String, Node> literals = new HashMap<>();

        @Nullable
        Node parameter;
        /** By method, of templates that end here. */
        final Map<String, End> ends = new TreeMap<>();
        /** By method, of templates that end with {@code {path}} here. */
        final Map<String, End> rests = new TreeMap<>();
    }

    /** @param names of the parameters by their place; a literal has none, which is the empty name */
    private record End(HttpRoute route, List<String> names) {}

    /**
     * A route that fits.
     *
     * @param parameters by their names, decoded
     */
    record Match(HttpRoute route, Map<String, String> parameters) {}

    private final Node root = new Node();

    RouteTree(List<HttpRoute> routes) {
        routes.forEach(this::add);
    }

    private void add(HttpRoute route) {
        List<String> names = new ArrayList<>();
        List<String> segments = split(route.template());
        Node node = root;
        boolean rest = false;
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            boolean isParameter = segment.startsWith("{") && segment.endsWith("}");
            String name = isParameter ? segment.substring(1, segment.length() - 1) : "";
            names.add(name);
            rest = name.equals(REST) && i == segments.size() - 1;
            if (!rest) {
                node = isParameter ? parameter(node) : node.literals.computeIfAbsent(segment, _ -> new Node());
            }
        }
        End twice = (rest ? node.rests : node.ends).put(route.method(), new End(route, List.copyOf(names)));
        if (twice != null) {
            throw new IllegalStateException(
                    "two routes for " + route.method() + ": " + twice.route().template() + " and " + route.template());
        }
    }

    private static Node parameter(Node node) {
        Node child = node.parameter == null ? new Node() : node.parameter;
        node.parameter = child;
        return child;
    }

    /** The segments of a path, as they stand there. */
    static List<String> split(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    /** The route of a method at a path, or null. */
    @Nullable
    Match find(List<String> path, String method) {
        return find(root, path, 0, method);
    }

    private static @Nullable Match find(Node node, List<String> path, int at, String method) {
        if (at == path.size()) {
            return match(node.ends.get(method), path);
        }
        Node literal = node.literals.get(path.get(at));
        if (literal != null) {
            Match found = find(literal, path, at + 1, method);
            if (found != null || at == 0) {
                return found;
            }
        }
        if (node.parameter != null && fits(path, at)) {
            Match found = find(node.parameter, path, at + 1, method);
            if (found != null) {
                return found;
            }
        }
        return match(node.rests.get(method), path);
    }

    private static boolean fits(List<String> path, int at) {
        return at > 0 || !path.getFirst().isEmpty();
    }

    private static @Nullable Match match(@Nullable End end, List<String> path) {
        if (end == null) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        List<String> names = end.names();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name.equals(REST) && i == names.size() - 1) {
                parameters.put(REST, String.join("/", path.subList(i, path.size())));
            } else if (!name.isEmpty()) {
                parameters.put(name, path.get(i));
            }
        }
        return new Match(end.route(), parameters);
    }

    /** The methods that have a route at a path. */
    SortedSet<String> methods(List<String> path) {
        SortedSet<String> methods = new TreeSet<>();
        collect(root, path, 0, methods);
        return methods;
    }

    private static void collect(Node node, List<String> path, int at, SortedSet<String> methods) {
        if (at == path.size()) {
            methods.addAll(node.ends.keySet());
            return;
        }
        Node literal = node.literals.get(path.get(at));
        if (literal != null) {
            collect(literal, path, at + 1, methods);
            if (at == 0) {
                return;
            }
        }
        if (node.parameter != null && fits(path, at)) {
            collect(node.parameter, path, at + 1, methods);
        }
        methods.addAll(node.rests.keySet());
    }
}
