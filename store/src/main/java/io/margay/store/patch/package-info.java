/**
 * The ways in which the Kubernetes API changes an object in part: JSON patch, merge patch and
 * strategic merge patch. Pure functions on JSON: the object that goes in is never changed.
 */
@NullMarked
package io.margay.store.patch;

import org.jspecify.annotations.NullMarked;
