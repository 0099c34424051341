/** Commands about agents. */
@NullMarked
package io.margay.app.cli.agents;

import org.jspecify.annotations.NullMarked;
