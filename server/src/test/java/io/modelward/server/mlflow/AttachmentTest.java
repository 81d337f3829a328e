package io.modelward.server.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttachmentTest {

    @ParameterizedTest
    @CsvSource({
        "MLmodel, text/plain",
        "conda.yaml, text/plain",
        "data.JSON, text/plain",
        "train.py, text/plain",
        "page.html, text/html",
        "page.htm, text/html",
        "style.css, text/css",
        "plot.svg, image/svg+xml",
        "plot.PNG, image/png",
        "photo.jpg, image/jpeg",
        "photo.jpeg, image/jpeg",
        "plot.gif, image/gif",
        "plot.webp, image/webp",
        "plot.bmp, image/bmp",
        "report.pdf, application/pdf",
        "all.zip, application/zip",
        "all.tar.gz, application/gzip",
        "all.tar, application/x-tar",
        "voice.mp3, audio/mpeg",
        "voice.wav, audio/x-wav",
        "film.mp4, video/mp4",
        "work.ipynb, application/x-ipynb+json",
        "model.pkl, application/octet-stream",
        "model, application/octet-stream",
        "model., application/octet-stream",
        "*, application/octet-stream"
    })
    void a_file_has_the_type_that_mlflow_answers_by_its_ending(String name, String type) {
        assertThat(Attachment.type(name)).isEqualTo(type);
    }
}
