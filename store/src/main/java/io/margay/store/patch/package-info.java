/**
 * The four ways in which the Kubernetes API changes an object in part: JSON patch, merge patch,
 * strategic merge patch and server-side apply, with the record of who manages which field. Pure
 * functions on JSON: the object that goes in is never changed.
 */
@NullMarked
package io.margay.store.patch;

import org.jspecify.annotations.NullMarked;
