/** Why a packet is allowed or denied. */
@NullMarked
package io.margay.console.why;

import org.jspecify.annotations.NullMarked;
