/**
 * Takes conformance vectors, gives what agrees and what does not, and never touches a dataplane.
 */
@NullMarked
package io.margay.policy.vector;

import org.jspecify.annotations.NullMarked;
