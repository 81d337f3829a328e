package io.modelward.gateway.model;

import io.modelward.runtime.RunningModel;

/** A version in memory, or on its way there. Use it only between a successful {@link Lease#acquire} and its release. */
public record LoadedModel(ServedVersion version, RunningModel running, Lease lease) {}
