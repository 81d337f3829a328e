package io.modelward.runtime.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Gives trees of files to other users and takes them back. Root reaches what it gave away. A server that is not root
 * stays the group of the folders that it gives away, and takes a tree back from its top downwards.
 */
final class FileOwners {

    private FileOwners() {}

    /** Gives a tree to a numeric user. */
    static void give(Path tree, int user) throws IOException {
        Capabilities own = Capabilities.own();
        if (!own.reachesAllFiles()) {
            take(tree);
        }
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.toList().reversed()) {
                if (own.reachesAllFiles() || !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    own(path, user, user);
                } else {
                    permit(path, PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE);
                    permit(path, PosixFilePermission.GROUP_EXECUTE);
                    own(path, user, own.group());
                }
            }
        }
    }

    /** Makes a tree this server's own again. */
    static void take(Path tree) throws IOException {
        Capabilities own = Capabilities.own();
        if (!own.separatesUsers()) {
            return;
        }
        own(tree, own.user(), own.group());
        if (Files.isDirectory(tree, LinkOption.NOFOLLOW_LINKS)) {
            permit(tree, PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
            permit(tree, PosixFilePermission.OWNER_EXECUTE);
            List<Path> children;
            try (Stream<Path> all = Files.list(tree)) {
                children = all.toList();
            }
            for (Path child : children) {
                take(child);
            }
        }
    }

    /** Of a link, the link: what it leads to may be anything. */
    private static void own(Path path, int user, int group) throws IOException {
        Files.setAttribute(path, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", group, LinkOption.NOFOLLOW_LINKS);
    }

    private static void permit(Path folder, PosixFilePermission... more) throws IOException {
        Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(folder));
        if (permissions.addAll(List.of(more))) {
            Files.setPosixFilePermissions(folder, permissions);
        }
    }
}
