/** From flow records to what policies can be learned from. */
@NullMarked
package io.margay.console.recommend;

import org.jspecify.annotations.NullMarked;
