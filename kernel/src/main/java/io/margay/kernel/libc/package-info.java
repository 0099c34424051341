/**
 * The C library calls that the other packages need, each with its errno turned into a {@link
 * io.margay.kernel.KernelException}.
 */
@NullMarked
package io.margay.kernel.libc;

import org.jspecify.annotations.NullMarked;
