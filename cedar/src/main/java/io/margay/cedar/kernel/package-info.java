/**
 * The part of a policy set that a kernel can enforce: compiled for one principal to rules about
 * paths, addresses and ports, with a report of what stays with the gateway and why. What the rules
 * allow, Cedar allows; the reverse does not hold.
 */
@NullMarked
package io.margay.cedar.kernel;

import org.jspecify.annotations.NullMarked;
