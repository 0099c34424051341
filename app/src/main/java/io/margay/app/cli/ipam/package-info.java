/** Commands about addresses, with calicoctl's flags. */
@NullMarked
package io.margay.app.cli.ipam;

import org.jspecify.annotations.NullMarked;
