/**
 * A Kubernetes API for Margay's kinds without a Kubernetes: takes requests over HTTPS, gives and
 * keeps objects in a local store. Never runs anything that the objects describe.
 */
@NullMarked
package io.margay.store.apiserver;

import org.jspecify.annotations.NullMarked;
