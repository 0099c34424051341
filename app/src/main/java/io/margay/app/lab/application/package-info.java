/** What the lab runs: manifests read into workloads, and who calls whom. */
@NullMarked
package io.margay.app.lab.application;

import org.jspecify.annotations.NullMarked;
