/**
 * Takes the policy kinds of all APIs, gives one normal form with effective selectors, and never
 * knows endpoints or addresses.
 */
@NullMarked
package io.margay.policy.convert;

import org.jspecify.annotations.NullMarked;
