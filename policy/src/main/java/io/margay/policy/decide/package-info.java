/**
 * Takes decision tables and a connection, gives the verdict for its whole way, and never evaluates
 * policies itself.
 */
@NullMarked
package io.margay.policy.decide;

import org.jspecify.annotations.NullMarked;
