/** What a new connection costs under many policies, and what a pod that comes or goes costs. */
@NullMarked
package io.margay.bench.connect;

import org.jspecify.annotations.NullMarked;
