package io.modelward.core.published;

import java.util.Optional;

/**
 * Where a version came from that was registered from what a run made or from a place elsewhere. An origin never
 * changes.
 *
 * @param source as the client named it
 * @param location of the files, as clients fetch them
 * @param run the id of the run that the client named
 * @param loggedModel the id of the logged model that the files belong to
 * @param external whether the bytes are elsewhere, so that the version is a reference and never serves
 */
public record VersionOrigin(
        String source,
        String location,
        Optional<String> run,
        Optional<String> loggedModel,
        Optional<String> runLink,
        boolean external) {

    public VersionOrigin withLocation(String newLocation) {
        return new VersionOrigin(source, newLocation, run, loggedModel, runLink, external);
    }
}
