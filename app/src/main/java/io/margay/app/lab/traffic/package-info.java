/** What the lab's pods say to each other, and whether the verdicts came true. */
@NullMarked
package io.margay.app.lab.traffic;

import org.jspecify.annotations.NullMarked;
