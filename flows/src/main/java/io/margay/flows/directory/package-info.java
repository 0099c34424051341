/** From addresses to the names that people know: pods, host endpoints, network sets, services. */
@NullMarked
package io.margay.flows.directory;

import org.jspecify.annotations.NullMarked;
