/**
 * Takes what rules ask about addresses and who answers yes, gives every prefix its peer class, and
 * never knows rules or endpoints.
 */
@NullMarked
package io.margay.policy.address;

import org.jspecify.annotations.NullMarked;
