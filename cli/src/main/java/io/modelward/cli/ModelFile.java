package io.modelward.cli;

import io.modelward.core.manifest.FilePath;
import java.nio.file.Path;

/**
 * A file to publish.
 *
 * @param path its path in the version
 * @param file where it is on this machine
 */
record ModelFile(FilePath path, Path file, long size) {}
