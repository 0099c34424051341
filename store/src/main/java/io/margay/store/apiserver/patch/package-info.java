/**
 * The patch formats of the Kubernetes API: takes an object and a patch, gives the patched object.
 * Never stores anything.
 */
@NullMarked
package io.margay.store.apiserver.patch;

import org.jspecify.annotations.NullMarked;
