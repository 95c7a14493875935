//! Servers that we turn to and that are not who they should be (security rule S50).

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::Installation;

/// What PostgreSQL's clients ask with before they speak TLS.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// A server with a certificate. It counts who has accepted it, and answers nobody.
struct Pretender {
    port: u16,
    accepted: Arc<AtomicUsize>,
}

impl Pretender {
    async fn with(certificate: CertificateDer<'static>, key: &KeyPair) -> Self {
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let accepted = Arc::new(AtomicUsize::new(0));
        let counter = accepted.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(greet(stream, acceptor.clone(), counter.clone()));
            }
        });
        Self { port, accepted }
    }

    fn accepted(&self) -> usize {
        self.accepted.load(Ordering::SeqCst)
    }
}

async fn greet(mut stream: TcpStream, acceptor: TlsAcceptor, accepted: Arc<AtomicUsize>) {
    let mut start = [0; 8];
    if stream.peek(&mut start).await.is_ok_and(|n| n == 8) && start == SSL_REQUEST {
        stream.read_exact(&mut start).await.unwrap();
        stream.write_all(b"S").await.unwrap();
    }
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    // Who trusts the certificate goes on to say something; a client that does not has ended the handshake from its side.
    if stream.read(&mut start).await.is_ok_and(|n| n > 0) {
        accepted.fetch_add(1, Ordering::SeqCst);
    }
}

/// An authority, and the file by which it is trusted.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    file: PathBuf,
}

impl Authority {
    fn new(installation: &Installation) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let file = installation.folder().join("authority.pem");
        std::fs::write(&file, issuer.pem()).unwrap();
        Self { issuer, file }
    }

    async fn server_called(&self, name: &str) -> Pretender {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Pretender::with(certificate.der().clone(), &key).await
    }
}

async fn self_signed() -> Pretender {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    Pretender::with(params.self_signed(&key).unwrap().der().clone(), &key).await
}

/// Runs a command with the authority as the only one that is trusted; what it wrote. It fails in any case: nobody answers it.
async fn fails(installation: &Installation, authority: &Authority, arguments: &[&str], database: Option<&str>) -> String {
    let mut command = installation.command(arguments);
    command.env("SSL_CERT_FILE", &authority.file).env_remove("SSL_CERT_DIR");
    if let Some(url) = database {
        command.env("LANYARD_DATABASE_URL", url);
    }
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

#[tokio::test]
async fn s50_directories_speak_to_nobody_with_a_wrong_certificate() {
    let installation = Installation::on_sqlite();
    let authority = Authority::new(&installation);
    let told = async |server: &Pretender| {
        let url = format!("https://localhost:{}/scim/v2", server.port);
        let arguments = ["emulate", "entra", "--url", &url, "--token", "secret"];
        fails(&installation, &authority, &arguments, None).await
    };
    let right = authority.server_called("localhost").await;
    told(&right).await;
    assert!(right.accepted() > 0, "the test must be able to tell the difference");
    for wrong in [self_signed().await, authority.server_called("elsewhere.example").await] {
        let message = told(&wrong).await;
        assert!(message.contains("certificate"), "{message}");
        assert_eq!(wrong.accepted(), 0);
    }
}

#[tokio::test]
async fn s50_a_database_with_a_wrong_certificate_is_refused() {
    let installation = Installation::on_sqlite();
    let authority = Authority::new(&installation);
    let told = async |server: &Pretender| {
        let root = authority.file.display();
        let url = format!(
            "postgres://lanyard:secret@localhost:{}/lanyard?sslmode=verify-full&sslrootcert={root}",
            server.port
        );
        fails(&installation, &authority, &["migrate"], Some(&url)).await
    };
    let right = authority.server_called("localhost").await;
    told(&right).await;
    assert!(right.accepted() > 0, "the test must be able to tell the difference");
    for wrong in [self_signed().await, authority.server_called("elsewhere.example").await] {
        let message = told(&wrong).await;
        assert!(message.contains("certificate"), "{message}");
        assert!(!message.contains("secret"), "{message}");
        assert_eq!(wrong.accepted(), 0);
    }
}
