/**
 * Writes as the Kubernetes API makes them: takes wanted objects and patches, gives what was stored,
 * after defaults, validation and the rules between objects. Knows no HTTP.
 */
@NullMarked
package io.margay.store.apiserver.registry;

import org.jspecify.annotations.NullMarked;
