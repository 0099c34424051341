/** What addresses cost. */
@NullMarked
package io.margay.bench.ipam;

import org.jspecify.annotations.NullMarked;
