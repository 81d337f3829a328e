/** The pages of models, of their versions, and of comparisons. */
package io.modelward.pages.model;
