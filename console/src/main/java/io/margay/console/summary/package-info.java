/** Endpoints, namespaces and policies: what reaches them, what decides, what was denied. */
@NullMarked
package io.margay.console.summary;

import org.jspecify.annotations.NullMarked;
