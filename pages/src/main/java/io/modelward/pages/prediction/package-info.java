/** The pages of predictions: the records, and the chain from a prediction to the code and the data behind it. */
package io.modelward.pages.prediction;
