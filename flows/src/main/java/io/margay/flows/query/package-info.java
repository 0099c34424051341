/** Questions about flows: filters, lists, hints. */
@NullMarked
package io.margay.flows.query;

import org.jspecify.annotations.NullMarked;
