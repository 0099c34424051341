/**
 * A virtual machine that changes its node: two nodes as the product runs them, a guest, those who
 * talk to it, and what they saw.
 */
@NullMarked
package io.margay.app.lab.machine;

import org.jspecify.annotations.NullMarked;
