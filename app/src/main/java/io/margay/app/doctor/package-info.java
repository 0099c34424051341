/** Finds out what this machine has and lacks, by trying it. */
@NullMarked
package io.margay.app.doctor;

import org.jspecify.annotations.NullMarked;
