/** The files that runs and logged models keep with this server, by path below one root. */
@org.jspecify.annotations.NullMarked
package io.modelward.core.artifact;
