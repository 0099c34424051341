/**
 * Takes who spoke to whom, gives staged policies that allow just that. Pure: the same traffic gives
 * the same policies, in whatever order it was recorded.
 */
@NullMarked
package io.margay.policy.recommend;

import org.jspecify.annotations.NullMarked;
