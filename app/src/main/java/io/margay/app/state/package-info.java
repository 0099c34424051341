/** What this program keeps on disk, and how its commands find what is running. */
@NullMarked
package io.margay.app.state;

import org.jspecify.annotations.NullMarked;
