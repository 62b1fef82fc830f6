/** The encoder: which operations make a BERT, whatever runs them. */
package io.github.bunvec.engine.bert;
